/** Hands bytes to the browser as a download; nothing of them is shown here. */
export const saveAsFile = (bytes: Blob, name: string): void => {
  const url = URL.createObjectURL(bytes);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken the bytes over by the next turn of its loop.
  setTimeout(() => URL.revokeObjectURL(url));
};
