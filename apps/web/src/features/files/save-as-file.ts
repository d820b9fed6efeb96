/** Some browsers read the bytes only when the person has said where they go. */
const keptMs = 60_000;

/** Hands bytes to the browser as a download; nothing of them is shown here. */
export const saveAsFile = (bytes: Blob, name: string): void => {
  const url = URL.createObjectURL(bytes);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), keptMs);
};
