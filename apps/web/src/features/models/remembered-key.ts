/** Where this device keeps what new threads begin with. */
export const rememberedKey = "new-thread-model";
