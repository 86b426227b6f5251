import * as z from 'zod';

export const regionPage = z.object({ items: z.array(z.object({ region: z.string() })) });

export const namePage = z.object({
  items: z.array(
    z.object({
      kind: z.enum(['project', 'user', 'resource']),
      id: z.string(),
      name: z.string(),
      domain: z.string().nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
});
