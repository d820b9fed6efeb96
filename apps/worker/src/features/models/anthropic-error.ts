/** An error as `upstream-error.ts` has it, in the words of Anthropic's API. */
export const inAnthropicWords = ({ error }: { readonly error: { readonly message: string } }) => ({
  type: "error",
  error: { type: "api_error", message: error.message },
});
