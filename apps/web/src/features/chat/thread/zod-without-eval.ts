import { config } from "zod/v4/core";

// The chat's libraries check frames with zod, which tries at first use whether it may compile code. It may not: the
// page's content security policy would report the attempt.
config({ jitless: true });
