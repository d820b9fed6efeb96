const marks: Readonly<Record<string, string>> = { completed: "✓", in_progress: "→", cancelled: "✕" };

const field = (value: unknown, name: string): string | undefined => {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return typeof found === "string" ? found : undefined;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** The agent's plan, which its tool prints as JSON, one line for each step; text that is no plan stays as it is. */
export const planText = (output: string): string => {
  const steps = parsed(output);
  if (!Array.isArray(steps)) return output;
  const lines = steps.map((step) => {
    const content = field(step, "content");
    const status = field(step, "status") ?? "";
    return content === undefined ? undefined : `${(Object.hasOwn(marks, status) && marks[status]) || "○"} ${content}`;
  });
  return lines.every((line) => line !== undefined) ? lines.join("\n") : output;
};
