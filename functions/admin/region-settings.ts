import { ProblemError } from '../../lib/errors.ts';
import type { Region } from '../../lib/identifiers.ts';
import { holdRules } from '../../lib/metering/hold-rules.ts';
import { labelsInForce } from '../../lib/metering/labels-in-force.ts';
import type { MeterTable } from '../../lib/metering/meter-table.ts';
import { defaultSettings, RegionSettings } from '../../lib/metering/region-settings.ts';
import { settingsFaults } from '../../lib/metering/settings-faults.ts';
import { storedMeters } from '../../lib/metering/stored-meters.ts';
import type { Day } from '../../lib/period/calendar.ts';
import { putRegionSettings } from '../http/contracts/region-settings.ts';
import { type Implementation, implement } from '../http/router.ts';
import type { AdminPorts } from './ports.ts';
import { writeDocument, writtenReply } from './write-document.ts';

type SettingsPorts = Pick<
  AdminPorts,
  'configuration' | 'partitions' | 'messages' | 'now' | 'wakeupDelaySeconds'
>;

const [FIRST_DAY, END_DAY] = ['0000-01-01', '9999-12-31'];

export function regionSettingsRoutes(ports: SettingsPorts): Implementation[] {
  return [
    implement(putRegionSettings, async ({ params, body, document, precondition, actor }) => {
      const { region } = params;
      if (body.region !== region) {
        const message = `is "${body.region}", and the path names "${region}": they must be the same`;
        throw new ProblemError('invalid', `The region ${message}.`, [
          { pointer: '/region', message },
        ]);
      }
      const meters = await storedMeters(ports.configuration);
      requireKnownMeters(body, meters);
      const before = await settingsOf(ports, region);
      requireShardsKept(before, body);
      const written = await writeDocument(ports, {
        kind: 'region-settings',
        id: region,
        document,
        precondition,
        actor,
        what: `The settings of region "${region}"`,
      });
      if (written.outcome !== 'unchanged')
        await meterAgain(ports, region, { before, after: body, meters });
      return writtenReply(written);
    }),
  ];
}

async function settingsOf(ports: SettingsPorts, region: Region): Promise<RegionSettings> {
  const present = await ports.configuration.get('region-settings', region);
  return present === null ? defaultSettings(region) : RegionSettings.parse(present.body);
}

function requireKnownMeters(settings: RegionSettings, meters: MeterTable): void {
  const faults = settingsFaults(settings, meters);
  if (faults.length === 0) return;
  const told = faults.map(({ pointer, message }) => `${pointer}: ${message}`).join('; ');
  throw new ProblemError('invalid', `The settings are not valid: ${told}.`, faults);
}

/** Fewer shards would leave the usage of those that are gone, and count it twice. */
function requireShardsKept(before: RegionSettings, after: RegionSettings): void {
  if (after.shards >= before.shards) return;
  const message = `can only grow: the region has ${before.shards}`;
  throw new ProblemError('refused', `The number of shards ${message}.`, [
    { pointer: '/shards', message },
  ]);
}

interface Change {
  readonly before: RegionSettings;
  readonly after: RegionSettings;
  readonly meters: MeterTable;
}

/** Makes those days due whose rules the change touches: of all others the usage stays as it is. */
async function meterAgain(ports: SettingsPorts, region: Region, change: Change): Promise<void> {
  const partitions = await ports.partitions.list(region, FIRST_DAY, END_DAY);
  const days = [...new Set(partitions.map(({ date }) => date))];
  const touched = days.filter((day) => isTouched(day, change));
  const now = ports.now();
  for (const date of touched) {
    for (let shard = 0; shard < change.after.shards; shard += 1) {
      await ports.partitions.touch({ region, date, shard }, { now, delaySeconds: 0 });
    }
  }
  if (touched.length > 0) await ports.messages.wakeMetering(ports.wakeupDelaySeconds);
}

function isTouched(day: Day, { before, after, meters }: Change): boolean {
  if (before.shards !== after.shards) return true;
  if (labelsInForce(before, day).join() !== labelsInForce(after, day).join()) return true;
  return (
    JSON.stringify(holdRules(before, day, meters)) !== JSON.stringify(holdRules(after, day, meters))
  );
}
