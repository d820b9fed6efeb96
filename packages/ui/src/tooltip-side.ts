export type TooltipSide = "top" | "bottom" | "left" | "right";
