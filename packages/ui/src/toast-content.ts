interface ToastAction {
  readonly label: string;
  readonly onSelect: () => void;
}

export interface ToastContent {
  readonly title: string;
  readonly action?: ToastAction;
  /** How long it stays; pointer or focus on it stops the clock. 0 keeps it until it is closed. */
  readonly durationMs?: number;
  /** It is gone, and what it offered was not taken. */
  readonly onDismiss?: () => void;
}
