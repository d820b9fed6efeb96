/**
 * How the lines of a text end, so that an editor hands it back as it was. Where they end in several ways, carriage
 * returns count as characters of their lines.
 */
export const lineEndOf = (text: string): "\n" | "\r\n" => {
  const returns = text.split("\r").length - 1;
  const pairs = text.split("\r\n").length - 1;
  const feeds = text.split("\n").length - 1;
  return pairs > 0 && pairs === returns && pairs === feeds ? "\r\n" : "\n";
};
