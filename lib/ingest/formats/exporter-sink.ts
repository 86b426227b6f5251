import * as z from 'zod';
import type { InstantUs } from '../../period/instant.ts';
import type { SampleBatch } from '../../ports/sample-parts.ts';
import { DerivedSamples, type Reading } from '../derived-sample.ts';
import { instantOfEnvelope, readEnvelope } from '../envelope.ts';
import { readExpositionLine } from '../exposition.ts';
import type { ReadingOptions } from '../object-reading.ts';
import { AHEAD_MAX_US, checkInstant } from '../reading-rules.ts';
import { ObjectRefused, RowRefused } from '../refusal.ts';
import { type Findings, NO_FINDINGS, type RowSink } from '../row-sink.ts';
import { parseTolerantly } from '../tolerant-json.ts';
import { ExposedCapacity } from './exporter-capacity.ts';
import { readingOf, type TimedSeries } from './exporter-series.ts';
import { ExposedServers } from './exporter-servers.ts';
import { isJsonObject } from './json-object.ts';

const ENVELOPE = z.strictObject({
  region: z.string(),
  source: z.literal('openstack-exporter'),
  observedAt: z.string(),
  body: z.string(),
});

interface WaitingServer {
  readonly series: TimedSeries;
  readonly text: string;
  readonly line: number;
}

/** Takes the lines of one exposition: each series is a row, comments are none. */
export class ExporterSink implements RowSink {
  readonly #batch: Pick<SampleBatch, 'add'>;
  readonly #options: ReadingOptions;
  readonly #derived: DerivedSamples;
  readonly #capacity = new ExposedCapacity();
  readonly #servers = new ExposedServers();
  readonly #waiting: WaitingServer[] = [];
  #isBare = false;
  #accepted = 0;
  #unmetered = 0;
  #usable = 0;
  #read = 0;
  #waitingRows = 0;

  constructor(batch: Pick<SampleBatch, 'add'>, options: ReadingOptions) {
    this.#batch = batch;
    this.#options = options;
    this.#derived = new DerivedSamples(options.putAt, options.limits, options.meters);
  }

  take(text: string, line: number): number {
    if (!this.#isEnvelope(text)) {
      this.#isBare = true;
      return this.#takeLine(text, line, this.#options.putAt);
    }
    const envelope = readEnvelope(ENVELOPE, text, { line, region: this.#options.region });
    const observedAt = instantOfEnvelope(envelope.observedAt, line);
    let read = 0;
    for (const inner of envelope.body.split(/\r?\n/)) {
      if (inner.trim() === '') continue;
      try {
        read += this.#takeLine(inner, line, observedAt);
      } catch (error) {
        if (!(error instanceof RowRefused)) throw error;
        this.#options.quarantine(line, error, inner);
        read += 1;
      }
    }
    return read;
  }

  /** In a bare exposition a line that only starts like an envelope is a bad line, and costs only itself. */
  #isEnvelope(text: string): boolean {
    if (!text.trimStart().startsWith('{')) return false;
    if (!this.#isBare) return true;
    const value = parseTolerantly(text);
    return isJsonObject(value) && 'body' in value;
  }

  end(): Findings {
    for (const server of this.#waiting) this.#takeServer(server);
    if (this.#usable === 0 && this.#read > 0) throw nothingUsable(this.#read);
    const localGbOfNobody = this.#servers.localGbOfNobody();
    return {
      ...NO_FINDINGS,
      accepted: this.#accepted,
      unmetered: this.#unmetered + localGbOfNobody,
      snapshots: this.#capacity.snapshots(this.#options.region),
      warning: this.#warning(localGbOfNobody),
    };
  }

  /** @throws RowRefused */
  #takeLine(text: string, line: number, scrapedAt: InstantUs): number {
    const exposed = readExpositionLine(text);
    if (exposed === null) return 0;
    const at = exposed.time ?? scrapedAt;
    const told = { name: 'timestamp', text: new Date(at / 1_000).toISOString() };
    const time = checkInstant(at, this.#options.putAt + AHEAD_MAX_US, told);
    const series = { ...exposed, time };
    if (this.#takeSamples(series, text, line)) this.#usable += 1;
    else this.#takeOther(series);
    this.#read += 1;
    return 1;
  }

  /** @returns whether samples are made of it, which the batch counts */
  #takeSamples(series: TimedSeries, text: string, line: number): boolean {
    if (series.name === 'openstack_nova_server_status') {
      this.#wait();
      this.#waiting.push({ series, text, line });
      return true;
    }
    const reading = readingOf(series);
    if (reading) this.#add([reading], { text, line });
    return reading !== null;
  }

  #takeOther(series: TimedSeries): void {
    if (this.#servers.add(series)) this.#wait();
    else if (this.#capacity.add(series)) this.#usable += 1;
    else this.#unmetered += 1;
    this.#accepted += 1;
    if (this.#capacity.hostCount > this.#options.limits.waitingRowsMax) throw this.#tooMany();
  }

  #wait(): void {
    this.#waitingRows += 1;
    if (this.#waitingRows > this.#options.limits.waitingRowsMax) throw this.#tooMany();
  }

  #tooMany(): ObjectRefused {
    return new ObjectRefused(
      'too_many_series',
      `The object tells of more than ${this.#options.limits.waitingRowsMax} servers, flavors or hosts, which wait in memory for one another. Send each scrape as an object of its own.`,
    );
  }

  #takeServer({ series, text, line }: WaitingServer): void {
    try {
      this.#add(this.#servers.readingsOf(series), { text, line });
    } catch (error) {
      if (!(error instanceof RowRefused)) throw error;
      this.#options.quarantine(line, error, text);
    }
  }

  #add(
    readings: readonly Reading[],
    { text, line }: { readonly text: string; readonly line: number },
  ) {
    const row = JSON.stringify(text.trim());
    const samples = this.#derived.of({
      row,
      source: 'openstack-exporter',
      messageId: '',
      line,
      readings,
    });
    for (const sample of samples) this.#batch.add(sample);
  }

  #warning(localGbOfNobody: number): string | null {
    const flavors = this.#servers.unknownFlavors.size;
    const hosts = this.#capacity.hostsWithoutTotal;
    const warnings = [
      flavors === 0
        ? ''
        : `Servers name ${flavors} flavors that no openstack_nova_flavor tells (Nova lists no deleted ones): they count as instances without cores, RAM or disk.`,
      hosts === 0
        ? ''
        : `${hosts} hosts are told without any total, and are left out of the capacity.`,
      localGbOfNobody === 0
        ? ''
        : `${localGbOfNobody} openstack_nova_server_local_gb are of servers without openstack_nova_server_status, which may be deleted: they are not metered.`,
    ].filter((warning) => warning !== '');
    return warnings.length === 0 ? null : warnings.join(' ');
  }
}

function nothingUsable(read: number): ObjectRefused {
  return new ObjectRefused(
    'nothing_usable',
    `None of the ${read} series is usage or capacity. Send what openstack-exporter exposes of nova (server_status with flavor, or hypervisors), placement (resource_*), cinder (volume_gb), glance (image_bytes), neutron (floating_ip) or manila (share_gb).`,
  );
}
