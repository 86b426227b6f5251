import { describe, expect, it } from 'vitest';
import { verifyLog } from '../../lib/audit/verify-log.ts';
import { closingCloud, PERIOD } from './closing-cloud.ts';

/** The port's methods, which count down to the one that kills. */
function killing<T extends object>(port: T, kill: () => Promise<void>): T {
  return new Proxy(port, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]) => {
        const answer = await (member as (...given: unknown[]) => unknown).apply(target, args);
        await kill();
        return answer;
      };
    },
  });
}

describe('the audit log of a close', () => {
  it('tells every step once, whichever call a step dies after', async () => {
    let isOver = false;
    for (let fatal = 1; !isOver; fatal += 1) {
      let calls = 0;
      const kill = async () => {
        calls += 1;
        if (calls === fatal) throw new Error('killed');
      };
      const plain = await closingCloud();
      const cloud = await closingCloud({
        bills: killing(plain.ports.bills, kill),
        audit: killing({ prepare: plain.audit.prepare, tell: plain.audit.tell }, kill),
      });
      const again = async <T>(step: () => Promise<T>): Promise<T> => step().catch(() => step());
      const before = plain.audit.entries.length;
      const { revision } = await again(() => cloud.check('r1', true));
      await again(() => cloud.rate('r1', revision));
      await again(() => cloud.issue('r1', revision));
      isOver = calls < fatal;
      const steps = plain.audit.entries.slice(before).map(({ action }) => action);
      expect({ fatal, steps }).toEqual({
        fatal,
        steps: ['period.claimed', 'period.closed', 'period.issued'],
      });
      const { lastStep } = (await plain.ports.bills.getPeriod(PERIOD)) ?? {};
      const anchor = { ...(lastStep?.head ?? { seq: 0, hash: '' }), place: 'the close' };
      expect(anchor.seq).toBe(before + 2);
      expect(await verifyLog(plain.audit.entries, [anchor])).toMatchObject({ ok: true });
      if (fatal === 1) expect(calls).toBeGreaterThan(9);
    }
  });

  it('tells a failure once', async () => {
    const cloud = await closingCloud();
    await cloud.check('r1');
    await cloud.failed('r1');
    await cloud.failed('r1');
    const steps = cloud.audit.entries.map(({ action }) => action);
    expect(steps.filter((action) => action.startsWith('period.'))).toEqual([
      'period.claimed',
      'period.failed',
    ]);
  });
});
