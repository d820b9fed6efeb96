import { Power, PowerOff } from "lucide-react";
import { Button } from "./button.tsx";

export interface OnOffButtonProps {
  readonly isOn: boolean;
  readonly onClick: () => void;
  readonly disabled?: boolean;
}

/** Says whether something is on, and turns it the other way. */
export function OnOffButton({ isOn, ...rest }: OnOffButtonProps) {
  return (
    <Button aria-pressed={isOn} {...rest}>
      {isOn ? <Power /> : <PowerOff />}
      {isOn ? "On" : "Off"}
    </Button>
  );
}
