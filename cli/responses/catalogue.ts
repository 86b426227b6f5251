import * as z from 'zod';

export const region = z.object({ region: z.string() });

export const name = z.object({
  kind: z.enum(['project', 'user', 'resource']),
  id: z.string(),
  name: z.string(),
  domain: z.string().nullable(),
});
