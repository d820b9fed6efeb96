/** A run of characters of one colour; the colour is a custom property of the page's theme. */
export interface CodeToken {
  readonly text: string;
  readonly color?: string;
}

export interface HighlightRequest {
  readonly id: number;
  readonly code: string;
  readonly language: string;
}

export interface HighlightAnswer {
  readonly id: number;
  /** Null for a language that nobody here knows. */
  readonly tokens: readonly CodeToken[] | null;
}
