import * as z from 'zod';
import type { HostDraft } from './hypervisor-hosts.ts';
import { ObjectRefused } from './refusal.ts';

const COUNT = z.int().nonnegative();

/** placement api-ref: GET /resource_providers/{uuid}/inventories and /usages. Other members are not looked at. */
const BODY = z.object({
  inventories: z
    .record(
      z.string(),
      z.object({
        total: COUNT,
        reserved: COUNT.default(0),
        allocation_ratio: z.number().positive().default(1),
      }),
    )
    .optional(),
  usages: z.record(z.string(), COUNT).optional(),
});

/** @throws ObjectRefused when the body is no answer of Placement about one resource provider */
export function providerOf(host: string, body: unknown, line: number): HostDraft {
  const parsed = BODY.safeParse(body);
  const { inventories, usages } = parsed.data ?? {};
  if (!inventories && !usages) {
    throw new ObjectRefused(
      'not_a_placement_answer',
      `The body at line ${line} is no answer of Placement with the inventories or usages of one resource provider. Usages of a project or a consumer type do not say where they are.`,
    );
  }
  return {
    host,
    inventories: inventories
      ? new Map(
          Object.entries(inventories).map(([name, { total, reserved, allocation_ratio }]) => [
            name,
            { total, reserved, allocationRatio: ratioText(allocation_ratio), used: null },
          ]),
        )
      : null,
    usages: usages ? new Map(Object.entries(usages)) : null,
  };
}

const FLOAT32_DIGITS_MAX = 9;

/** Placement keeps ratios as 32-bit floats: 1.2000000476837158 is the 1.2 that was configured. */
export function ratioText(ratio: number): string {
  if (Math.fround(ratio) !== ratio) return String(ratio);
  for (let digits = 1; digits < FLOAT32_DIGITS_MAX; digits += 1) {
    const shorter = Number(ratio.toPrecision(digits));
    if (Math.fround(shorter) === ratio) return String(shorter);
  }
  return String(ratio);
}
