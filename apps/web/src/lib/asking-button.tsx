import { Button, type ButtonProps } from "@threadbox/ui/button";
import { LoaderCircle } from "lucide-react";

interface AskingButtonProps extends ButtonProps {
  readonly isAsking: boolean;
}

/** A button that turns while what it asked for is on its way, and stays as wide as it is. */
export function AskingButton({ isAsking, disabled, children, ...rest }: AskingButtonProps) {
  return (
    <Button aria-busy={isAsking} disabled={isAsking || disabled} {...rest}>
      <span className={isAsking ? "opacity-0" : ""}>{children}</span>
      {isAsking ? <LoaderCircle className="absolute inset-0 m-auto animate-turn" /> : null}
    </Button>
  );
}
