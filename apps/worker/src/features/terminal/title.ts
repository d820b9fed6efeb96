const numbered = /^Terminal (\d{1,4})$/;

/** The name of a terminal that nobody has named: the lowest number that none of these has. */
export const nextTitle = (titles: readonly string[]): string => {
  const taken = new Set(titles.map((title) => Number(numbered.exec(title)?.[1])));
  let number = 1;
  while (taken.has(number)) number += 1;
  return `Terminal ${number}`;
};
