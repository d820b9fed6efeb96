/** `codegen` of the command line, as a program of its own: for checks of a checkout, which needs no server's settings. */
import { runCodegen } from "./codegen/run-codegen.ts";
import { messageOf } from "./faults.ts";

try {
  console.log(runCodegen(process.argv.slice(2)));
} catch (thrown) {
  console.error(messageOf(thrown));
  process.exit(1);
}
