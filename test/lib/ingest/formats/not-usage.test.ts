import { describe, expect, it } from 'vitest';
import { publisherRow } from '../samples.ts';
import { readFormat } from './format-reading.ts';

describe('what holds no usage is refused, and told what to send instead', () => {
  it.each([
    { content: '{"servers":[{"id":"r1"}]}', advice: /os-simple-tenant-usage\?detailed=1/ },
    { content: '{"volumes":[{"id":"v1","size":1}]}', advice: /volume\.size/ },
    { content: '{"projects":[{"id":"p1","name":"web"}],"links":{}}', advice: /names import/ },
    { content: '{"users":[]}', advice: /names import/ },
    { content: '{"quota_set":{"cores":{"in_use":0}}}', advice: /quotas/ },
    { content: '{"limits":{"absolute":{}}}', advice: /limits/ },
    { content: '{"pools":[]}', advice: /Placement/ },
    { content: 'AvailabilityZone,BilledCost,ChargeCategory\nz,1.0,Usage\n', advice: /FOCUS/ },
    { content: 'BilledCost,x_team\n1.0,a\n', advice: /FOCUS/ },
    { content: 'metrics:\n  cpu:\n    unit: instance\n', advice: /YAML/ },
    { content: '-\n  meter: instance\n', advice: /YAML/ },
  ])('$content', ({ content, advice }) => {
    expect(() => readFormat(content)).toThrow(advice);
  });

  it('is not what only starts like it', () => {
    const { format, samples } = readFormat(`metrics:\n${publisherRow()}\n`);
    expect({ format, samples: samples.length }).toEqual({
      format: 'ceilometer-publisher',
      samples: 1,
    });
  });
});
