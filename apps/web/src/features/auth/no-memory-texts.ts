/** The words of a page whose browser keeps nothing for it. */
export const noMemoryTexts = {
  title: "Allow cookies to use Threadbox",
  hint: "Your browser blocks cookies and site data here. Threadbox needs them to keep you signed in and to save your drafts. Allow them for this site in your browser’s settings, then reload.",
  reload: "Reload",
} as const;
