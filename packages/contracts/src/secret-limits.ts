/** What the vault takes. */
export const secretLimits = {
  /** One value, in bytes of UTF-8. */
  valueBytesMax: 65_536,
  /** That admins have added. */
  secretsMax: 500,
  /** Of one user, that they have added themselves. */
  usersSecretsMax: 50,
  /** Of all users, in one answer to an admin. */
  usersListMax: 500,
  /** Kept of one secret; the oldest that are destroyed make room. */
  versionsMax: 200,
  hostsMax: 20,
  reasonLengthMax: 200,
  overlapMinutesMax: 1_440,
  probeUrlLengthMax: 500,
  /** Names in one call of a sandbox. */
  namesMax: 50,
  /** Rows of the audit in one answer, where so many are asked for. */
  auditRowsMax: 500,
  /** Ways of one secret in one answer. */
  exposuresMax: 1_000,
  /** Messages and tool calls of each of these. */
  exposureUsesMax: 20,
  /** Letters of what a row of the audit, or a secret of a user's, must have. */
  auditFindLengthMax: 200,
} as const;

/** What a program was given may be kept for so long, in milliseconds; half of it is what the start script keeps it for. */
export const secretKeepMsMax = 24 * 3_600_000;
