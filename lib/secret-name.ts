import * as z from 'zod';

/** The prefix of the names of secrets that a deployment may read. */
const SECRET_PREFIX = 'headroom/';

const NAME = /^headroom\/[A-Za-z0-9/_+=.@-]{1,400}$/;
const ARN =
  /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:headroom\/[A-Za-z0-9/_+=.@-]{1,400}$/;

/** How configuration names a secret. */
export const secretName = z
  .string()
  .refine((text) => NAME.test(text) || ARN.test(text), {
    error: `must be the name or ARN of a secret whose name starts with "${SECRET_PREFIX}"; the secret itself never stands here`,
  })
  .describe('Name or ARN in Secrets Manager; never the secret itself.');
