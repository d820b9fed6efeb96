/** What a user's own keys of model providers may be. Without imports: the page takes the numbers alone. */
export const modelKeyLimits = {
  keysMax: 10,
  nameLengthMax: 60,
  valueLengthMax: 500,
  addressLengthMax: 300,
  /** Models of one key that are offered. */
  modelsMax: 300,
  /** Models that its user names. */
  namedModelsMax: 20,
  modelLengthMax: 100,
  favouritesMax: 50,
} as const;
