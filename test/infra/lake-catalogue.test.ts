import { expect, it } from 'vitest';
import { LAKE_TABLES } from '../../infra/constructs/lake-catalogue.ts';
import { resourcesOf, synthesized } from './synthesized.ts';

const { service } = synthesized('prod');
const tables = Object.values(resourcesOf(service, 'AWS::Glue::Table')).map(
  ({ Properties }) => Properties['TableInput'] as Record<string, unknown>,
);
const tableOf = (name: string) => tables.find((table) => table['Name'] === name);

it('the lake is a database with a table for each of its kinds', () => {
  service.hasResourceProperties('AWS::Glue::Database', {
    DatabaseInput: { Name: 'headroom_prod' },
  });
  expect(tables.map((table) => table['Name']).sort()).toEqual(Object.keys(LAKE_TABLES).sort());
  expect(tables.every((table) => table['TableType'] === 'EXTERNAL_TABLE')).toBe(true);
});

it('partitions of samples and usage are worked out, by a region that the query names and a range of days', () => {
  for (const name of ['samples', 'usage']) {
    expect(tableOf(name)?.['Parameters']).toMatchObject({
      'projection.enabled': 'true',
      'projection.region.type': 'injected',
      'projection.date.type': 'date',
      'projection.date.format': 'yyyy-MM-dd',
      'projection.date.range': '2010-01-01,NOW+2DAYS',
    });
  }
  expect(tableOf('usage')?.['PartitionKeys']).toEqual([
    { Name: 'region', Type: 'string' },
    { Name: 'date', Type: 'date' },
    { Name: 'shard', Type: 'int' },
  ]);
});

it('a partition lies where the functions put its objects', () => {
  const folders = Object.fromEntries(
    tables.map((table) => {
      const parameters = table['Parameters'] as Record<string, unknown>;
      const template = parameters['storage.location.template'] as {
        'Fn::Join': [string, unknown[]];
      };
      const place = String(template['Fn::Join'][1].at(-1));
      // `$` stands for each placeholder, which is named as its folder.
      return [table['Name'], place.replaceAll(/(\w+)=\$\{\1\}/g, '$1=$')];
    }),
  );
  expect(folders).toEqual({
    samples: '/samples/region=$/date=$/',
    usage: '/usage/region=$/date=$/shard=$/',
    retractions: '/retractions/region=$/',
    quarantine: '/quarantine/region=$/',
  });
});

it('no column is told twice, by its partition and by its file', () => {
  for (const { columns, partitions } of Object.values(LAKE_TABLES)) {
    expect(partitions.filter((partition) => partition in columns)).toEqual([]);
  }
});
