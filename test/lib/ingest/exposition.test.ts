import { describe, expect, it } from 'vitest';
import { readExpositionLine } from '../../../lib/ingest/exposition.ts';

describe('a line of a Prometheus exposition', () => {
  it('is a series with its labels, value and time', () => {
    expect(
      readExpositionLine('openstack_nova_vcpus_used{hostname="h1",zone=""} 1.5e+01 1794902400123'),
    ).toEqual({
      name: 'openstack_nova_vcpus_used',
      labels: new Map([
        ['hostname', 'h1'],
        ['zone', ''],
      ]),
      value: '1.5e+01',
      time: 1_794_902_400_123_000,
    });
  });

  it.each([
    { name: 'a quote', written: String.raw`a \"b\"`, meant: 'a "b"' },
    { name: 'a backslash', written: String.raw`c:\\new`, meant: String.raw`c:\new` },
    { name: 'a line feed', written: String.raw`one\ntwo`, meant: 'one\ntwo' },
    { name: 'a brace and a comma', written: '}, x="', meant: null },
    { name: 'letters of any script', written: 'Größe 大', meant: 'Größe 大' },
    { name: 'a closing brace', written: 'a}b,c', meant: 'a}b,c' },
  ])('keeps $name in a label', ({ written, meant }) => {
    const read = () => readExpositionLine(`m{l="${written}",} 1`)?.labels.get('l');
    if (meant === null) expect(read).toThrow(/labels/);
    else expect(read()).toBe(meant);
  });

  it.each([
    { value: '4.76704768e+08', read: '4.76704768e+08' },
    { value: '+3', read: '3' },
    { value: '-1', read: '-1' },
    { value: '.5', read: '0.5' },
    { value: '5.', read: '5' },
    { value: '9007199254740993', read: '9007199254740993' },
    { value: 'NaN', read: null },
    { value: '+Inf', read: null },
    { value: '-inf', read: null },
  ])('has the number $value as written: $read', ({ value, read }) => {
    expect(readExpositionLine(`m ${value}`)?.value).toBe(read);
    expect(readExpositionLine(`m{} ${value}`)?.value).toBe(read);
  });

  it.each([
    { name: 'milliseconds of Prometheus', time: '1794902400123', us: 1_794_902_400_123_000 },
    { name: 'seconds of OpenMetrics', time: '1794902400.123', us: 1_794_902_400_123_000 },
    { name: 'whole seconds', time: '1794902400', us: 1_794_902_400_000_000 },
  ])('knows $name', ({ time, us }) => {
    expect(readExpositionLine(`m 1 ${time}`)?.time).toBe(us);
    expect(readExpositionLine(`m 1 ${time} # {trace="x"} 0.5`)?.time).toBe(us);
  });

  it.each(['# HELP m what it is', '# TYPE m gauge', '# EOF', '#'])('is a comment: %s', (text) => {
    expect(readExpositionLine(text)).toBeNull();
  });

  it.each(['m', 'm{a="1"', 'm{a=1} 1', 'm x', '{"a":1}', 'm{a="1"} 1 2 3', '1 2'])(
    'is refused when it is none: %s',
    (text) => {
      expect(() => readExpositionLine(text)).toThrow(/not of the Prometheus text format/);
    },
  );
});
