/** Why Threadbox does not start, as one clear sentence for the person at the terminal. */
export class StartRefusal extends Error {
  override readonly name = "StartRefusal";
}
