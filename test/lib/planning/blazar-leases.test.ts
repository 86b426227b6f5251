import { describe, expect, it } from 'vitest';
import { leaseEvents } from '../../../lib/planning/blazar-leases.ts';
import { plannedEventSchema } from '../../../lib/planning/planned-event.ts';

const HOSTS = {
  id: 'f0e1',
  resource_type: 'physical:host',
  min: '2',
  max: '4',
  hypervisor_properties: '[">", "$vcpus", "8"]',
  status: 'pending',
};
const INSTANCES = {
  id: 'a9b8',
  resource_type: 'virtual:instance',
  vcpus: 4,
  memory_mb: 8192,
  disk_gb: 20,
  amount: 10,
};
const LEASE = {
  id: 'b2c3',
  name: 'course',
  status: 'PENDING',
  project_id: 'p1',
  start_date: '2027-01-10T08:00:00.000000',
  end_date: '2027-01-20T18:00:00.000000',
  reservations: [INSTANCES],
};
const only = (input: unknown) => leaseEvents(input, 'west').events[0];

describe('a lease of Blazar', () => {
  it('of instances is demand for as long as it lasts', () => {
    expect(only(LEASE)).toEqual({
      id: 'blazar-b2c3',
      region: 'west',
      kind: 'reservation',
      name: 'course',
      project: 'p1',
      date: '2027-01-10',
      until: '2027-01-21',
      size: { cores: 40, ramGib: 80 },
      source: 'blazar',
    });
  });

  it('of hosts takes between the least and the most of them', () => {
    expect(only({ ...LEASE, reservations: [HOSTS] })).toMatchObject({
      size: { hosts: { low: 2, mid: 4, high: 4 } },
    });
  });

  it('is an event that the API takes, one for each reservation', () => {
    const { events } = leaseEvents({ ...LEASE, reservations: [INSTANCES, HOSTS] }, 'west');
    expect(events.map((event) => plannedEventSchema.parse(event).id)).toEqual([
      'blazar-b2c3',
      'blazar-b2c3-2',
    ]);
  });

  it.each([
    ['as the API lists them', { leases: [LEASE] }],
    ['as the API shows one', { lease: LEASE }],
    ['in an array', [LEASE]],
    ['as the command line prints one', { ...LEASE, reservations: JSON.stringify(INSTANCES) }],
  ])('is read %s', (_name, input) => {
    expect(only(input)).toMatchObject({ size: { cores: 40 } });
  });

  it('has all its reservations read where the command line prints them one after the other', () => {
    const reservations = `${JSON.stringify(INSTANCES, null, 4)}\n${JSON.stringify(HOSTS, null, 4)}`;
    expect(leaseEvents({ ...LEASE, reservations }, 'west').events).toHaveLength(2);
  });

  it('ends on the day before when it ends at midnight, and lasts a day at least', () => {
    expect(only({ ...LEASE, end_date: '2027-01-20 00:00' })).toMatchObject({ until: '2027-01-20' });
    const short = { ...LEASE, start_date: '2027-01-10 00:00', end_date: '2027-01-10 00:00' };
    expect(only(short)).toMatchObject({ date: '2027-01-10', until: '2027-01-11' });
  });

  it.each([
    ['that has ended', { ...LEASE, status: 'TERMINATED' }, /is TERMINATED/],
    ['that tells no reservations', { ...LEASE, reservations: undefined }, /lease show/],
    [
      'of a flavor whose size is not told',
      { ...LEASE, reservations: [{ resource_type: 'flavor:instance', amount: 2 }] },
      /the size of its flavor:instance is not told/,
    ],
    ['without a start', { id: 'x', end_date: '2027-01-01' }, /start_date/],
    ['on a day that does not exist', { ...LEASE, start_date: '2027-02-30' }, /cannot be read/],
    ['that is none at all', 7, /is none of Blazar's/],
  ])('%s is left out, and why', (_name, input, reason) => {
    const { events, leftOut } = leaseEvents(input, 'west');
    expect(events).toEqual([]);
    expect(leftOut.join()).toMatch(reason);
  });
});
