/**
 * What the vault's audit says of each deed. The page shows these words and the worker finds rows by them. Without imports: the
 * page takes the words alone.
 */
export const secretDeedWords = {
  "secret.created": "created",
  "secret.rotated": "rotated",
  "secret.checked": "passed its check",
  "secret.check_failed": "failed its check, rolled back",
  "secret.acknowledged": "acknowledged",
  "secret.rolled_back": "rolled back to an older value",
  "secret.probe_changed": "check changed",
  "secret.hosts_changed": "hosts changed",
  "secret.overlap_ended": "overlap ended",
  "secret.resealed": "encrypted with the new master key",
  "secret.revoked": "revoked",
  "secret.destroyed": "destroyed",
  "secret.leased": "handed out",
} as const;
