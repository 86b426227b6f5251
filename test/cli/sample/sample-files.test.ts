import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { sampleCloud } from '../../../cli/sample/build-cloud.ts';
import { countSampleFiles, sampleFiles } from '../../../cli/sample/files.ts';
import { allocatedAt } from '../../../cli/sample/history.ts';

const now = new Date('2026-03-05T10:20:00Z');
const cloud = sampleCloud({ seed: 7, now });
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('the sample cloud', () => {
  const files = [...sampleFiles(cloud)];
  const rows = (name: string): Record<string, unknown>[] => {
    const file = files.find((one) => one.name === name);
    return gunzipSync(file?.body ?? new Uint8Array())
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('is the same for the same seed and moment', () => {
    const again = [...sampleFiles(sampleCloud({ seed: 7, now }))];
    expect(again.map(({ body }) => digest(body))).toEqual(files.map(({ body }) => digest(body)));
    const other = [...sampleFiles(sampleCloud({ seed: 8, now }))];
    expect(other.map(({ body }) => digest(body))).not.toEqual(
      files.map(({ body }) => digest(body)),
    );
  });

  it('has some 150 instances and no more than 1.5 million samples even in the longest two months', () => {
    expect(cloud.regions.flatMap(({ instances }) => instances)).toHaveLength(150);
    const longest = sampleCloud({ seed: 7, now: new Date('2026-08-31T23:30:00Z') });
    let total = 0;
    for (const file of sampleFiles(longest)) if (file.name.startsWith('ceilo')) total += file.rows;
    expect(total).toBeGreaterThan(500_000);
    expect(total).toBeLessThanOrEqual(1_500_000);
  }, 60_000);

  it('announces as many files as it makes', () => {
    expect(files).toHaveLength(countSampleFiles(cloud));
    expect(new Set(files.map(({ name }) => name)).size).toBe(files.length);
  });

  it('polls every instance once an hour', () => {
    const [instance] =
      cloud.regions[0]?.instances.filter(({ deletedAt }) => deletedAt === null) ?? [];
    const polls = rows('ceilometer-north-2026-02-10.jsonl.gz').filter(
      (row) => row['name'] === 'vcpus' && row['resource_id'] === instance?.id,
    );
    expect(polls).toHaveLength(24);
  });

  it('never lets a counter fall but at a restart', () => {
    const last = new Map<unknown, number>();
    let falls = 0;
    for (const day of ['10', '11', '12']) {
      for (const row of rows(`ceilometer-west-2026-02-${day}.jsonl.gz`)) {
        if (row['type'] !== 'cumulative') continue;
        const key = `${row['name']} ${row['resource_id']}`;
        if (Number(row['volume']) < (last.get(key) ?? 0)) falls += 1;
        last.set(key, Number(row['volume']));
      }
    }
    const restarts = cloud.regions.flatMap(({ instances }) =>
      instances.flatMap((one) => one.restarts),
    );
    expect(last.size).toBeGreaterThan(50);
    expect(falls).toBeLessThanOrEqual(restarts.length);
  });

  it('leaves room in every region, least in the one that is nearly full', () => {
    const shares = cloud.regions.map((region) => {
      const ratio = region.character === 'nearly-full' ? 1.6 : 2;
      const total = region.hosts.reduce((sum, host) => sum + host.vcpus * ratio, 0);
      return { character: region.character, share: allocatedAt(region, cloud.end).cores / total };
    });
    const fullest = shares.toSorted((a, b) => b.share - a.share)[0];
    expect(fullest?.character).toBe('nearly-full');
    for (const { share } of shares) expect(share).toBeLessThan(0.95);
  });
});
