const types = { csv: "text/csv", json: "application/json" } as const;

/** Has the browser keep the file. Not the one of a thread's page: what two pages share is a file more for each to load. */
export const keepFile = (name: string, kind: keyof typeof types, text: string): void => {
  const address = URL.createObjectURL(new Blob([text], { type: types[kind] }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${name}.${kind}`;
  link.click();
  URL.revokeObjectURL(address);
};
