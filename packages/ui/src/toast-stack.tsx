import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect } from "react";
import { Button, IconButton } from "./button.tsx";
import type { ToastContent } from "./toast-content.ts";

const manager = Base.createToastManager();

/** Toasts that were asked for before the stack stood on the page. */
let waiting: ToastContent[] | null = [];

const add = ({ title, action, durationMs = 6_000, onDismiss }: ToastContent): void => {
  let isTaken = false;
  const id: string = manager.add({
    title,
    timeout: durationMs,
    onClose: () => {
      if (!isTaken) onDismiss?.();
    },
    ...(action === undefined
      ? {}
      : {
          actionProps: {
            children: action.label,
            onClick: () => {
              isTaken = true;
              manager.close(id);
              action.onSelect();
            },
          },
        }),
  });
};

export const addToast = (content: ToastContent): void => {
  if (waiting === null) add(content);
  else waiting.push(content);
};

function Toasts() {
  const { toasts } = Base.useToastManager();
  return toasts.map((toast) => (
    <Base.Root
      key={toast.id}
      toast={toast}
      className="flex items-center gap-3 rounded-lg border bg-raised py-2 pr-2 pl-3 text-sm shadow-overlay transition-[opacity,translate] duration-150 ease-settle data-ending-style:opacity-0 data-limited:hidden data-starting-style:translate-y-2 data-starting-style:opacity-0"
    >
      <Base.Title className="min-w-0 flex-1" />
      {toast.actionProps === undefined ? null : <Base.Action data-toast-action render={<Button size="sm" />} />}
      <Base.Close render={<IconButton label="Dismiss" icon={<X />} size="sm" />} />
    </Base.Root>
  ));
}

/** Above where messages are written, if that is on the page: a toast must not lie on the buttons that stop and send. */
function Area() {
  Base.useToastManager();
  const isAtBottom = document.getElementById("message") === null;
  return (
    <Base.Viewport
      style={isAtBottom ? { bottom: "1rem" } : {}}
      className="fixed inset-x-4 bottom-36 z-50 mx-auto flex max-w-sm flex-col gap-2 sm:right-4 sm:left-auto sm:mx-0 sm:w-88"
    >
      <Toasts />
    </Base.Viewport>
  );
}

/** F6 goes to the toasts; where one offers something, straight to that. */
const onKeyDown = (event: KeyboardEvent): void => {
  const action = event.key === "F6" ? document.querySelector<HTMLElement>("[data-toast-action]") : null;
  if (action === null) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  action.focus();
};

export default function ToastStack() {
  useEffect(() => {
    window.addEventListener("keydown", onKeyDown, { capture: true });
    return () => window.removeEventListener("keydown", onKeyDown, { capture: true });
  }, []);
  // The provider below listens to the manager from its own effect, which runs before this one.
  useEffect(() => {
    const early = waiting ?? [];
    waiting = null;
    for (const content of early) add(content);
    return () => {
      waiting = [];
    };
  }, []);
  return (
    <Base.Provider toastManager={manager} limit={3}>
      <Base.Portal>
        <Area />
      </Base.Portal>
    </Base.Provider>
  );
}
