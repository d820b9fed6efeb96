/** Names and definitions of the full-text tables, one for each search index. */
interface Numbered {
  readonly id: number;
}

export const searchTable = ({ id }: Numbered): string => `search_${id}`;

/**
 * `terms` are words that we have split ourselves, so the tokenizer only has to cut at spaces: every category that a word
 * may hold belongs to it. Without content of its own the table keeps the inverted index alone.
 */
export const createEntries = (index: Numbered): string =>
  `CREATE VIRTUAL TABLE ${searchTable(index)} USING fts5(terms, filters, content = '', contentless_delete = 1,
   tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* S* Co'")`;

export const dropEntries = (index: Numbered): string => `DROP TABLE ${searchTable(index)}`;
