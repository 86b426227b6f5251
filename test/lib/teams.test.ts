import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTeam, type Team } from '../../lib/rating/team.ts';
import { readTeamsCsv } from '../../lib/teams/read-teams-csv.ts';
import { teamsCsv } from '../../lib/teams/teams-csv.ts';
import { readTeamsYaml, teamDocument, teamsYaml } from '../../lib/teams/teams-yaml.ts';
import { unmappedProjects } from '../../lib/teams/unmapped-projects.ts';

const text = fc
  .oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }),
    fc.constantFrom(
      '=1+1',
      "'x",
      "''=",
      '-1',
      'a,b',
      'a;b',
      'a"b',
      'a\r\nb',
      '007',
      'true',
      '~',
      ' x ',
    ),
  )
  .filter((value) => value.isWellFormed() && value.trim() !== '');
const decimal = fc.constantFrom(
  '0.000000000000000001',
  '12.5',
  '33.333333333333333333',
  '60',
  '100',
);
const mapping = fc.record(
  {
    project: text,
    share: decimal,
    from: fc.constantFrom('2026-10-01', '2026-10-01T07:00:00Z'),
    to: fc.constantFrom('2026-11-01', '2027-01-01T23:00:00Z'),
  },
  { requiredKeys: ['project'] },
);
const budget = fc.record(
  {
    amount: fc.constantFrom('1000', '0.5', '99.9999'),
    currency: fc.constantFrom('EUR', 'JPY'),
    actual: fc.array(
      decimal.filter((value) => value.length < 5),
      { maxLength: 3 },
    ),
    projected: fc.array(fc.constantFrom('100', '120.5'), { maxLength: 2 }),
    projectedP90: fc.array(fc.constantFrom('100', '150'), { maxLength: 2 }),
    muted: fc.record(
      { until: fc.constant('2026-12-01'), by: text, reason: text },
      { requiredKeys: ['until', 'by'] },
    ),
  },
  { requiredKeys: ['amount'] },
);
const team = fc
  .record(
    {
      id: text,
      name: text,
      costCentre: text,
      glAccount: text,
      purchaseOrder: text,
      owner: text,
      contact: text,
      budget,
      projects: fc.array(mapping, { maxLength: 3 }),
    },
    { requiredKeys: ['id', 'projects'] },
  )
  .map((document): Team => readTeam(document));
const teams = fc.uniqueArray(team, { selector: ({ id }) => id, maxLength: 4 });

describe('teams that go out as a file come back as they were', () => {
  it('in CSV', () => {
    fc.assert(
      fc.property(teams, (list) => {
        const read = readTeamsCsv(teamsCsv(list));
        expect(read.faults).toEqual([]);
        expect(read.teams).toEqual(list);
        expect(read.documents.map(readTeam)).toEqual(list);
      }),
    );
  });

  it('in YAML, and as the documents of the API', () => {
    fc.assert(
      fc.property(teams, (list) => {
        const read = readTeamsYaml(teamsYaml(list));
        expect(read.faults).toEqual([]);
        expect(read.teams).toEqual(list);
        expect(list.map(teamDocument).map(readTeam)).toEqual(list);
      }),
    );
  });
});

describe('a table of teams', () => {
  it('takes what is of the team from its first row', () => {
    const { teams: read } = readTeamsCsv(
      'id,name,project,share\npayments,Payments,p1,60\npayments,,p2,\nidle,Idle,,\n',
    );
    expect(read.map(({ id, name, projects }) => [id, name, projects.length])).toEqual([
      ['payments', 'Payments', 2],
      ['idle', 'Idle', 0],
    ]);
  });

  it.each([
    {
      name: 'a share above 100',
      csv: 'id,project,share\na,p,50\na,q,101\n',
      fault: 'line 3: team "a": share must be at most 100',
    },
    {
      name: 'two names of one team',
      csv: 'id,name,project\na,A,p\na,B,q\n',
      fault: 'line 3: name is "B", and line 2 of the same team says "A"',
    },
    {
      name: 'a row that is short',
      csv: 'id,name,project\na,A\n',
      fault: 'line 2: has 2 fields, and the header 3',
    },
    { name: 'a row without an id', csv: 'id,project\n,p\n', fault: 'line 2: id is missing' },
    {
      name: 'a mapping without a project',
      csv: 'id,project,share\na,p,1\na,,50\n',
      fault: 'line 3: team "a": project is missing',
    },
    {
      name: 'a damaged date, after lines within quotes',
      csv: 'id,name,project,from\n"a","A\nB",p,soon\n',
      fault: 'line 2: team "a": from "soon" is neither',
    },
    {
      name: 'a budget without an amount',
      csv: 'id,budget_currency\na,EUR\n',
      fault: 'line 2: team "a": budget.amount is missing',
    },
  ])('with $name says so, with its line', ({ csv, fault }) => {
    const { faults, documents } = readTeamsCsv(csv);
    expect(faults[0]).toContain(fault);
    expect(faults).toHaveLength(1);
    expect(documents).toEqual([]);
  });

  it.each([
    ['an unknown column', 'id,colour\na,b\n', /no column "colour"/],
    ['no ids', 'name\na\n', /column id is missing/],
    ['a quote that is open', 'id,name\na,"b\n', /quote is missing/],
  ])('with %s is refused as a whole', (_, csv, message) => {
    expect(() => readTeamsCsv(csv)).toThrow(message);
  });
});

describe('teams in YAML', () => {
  it('are told with the line of what is wrong', () => {
    const { faults } = readTeamsYaml('- id: a\n  projects:\n    - project: p\n      share: 120\n');
    expect(faults).toEqual(['line 4: team "a": projects.0.share must be at most 100']);
  });

  it('keep every digit of a number', () => {
    const { teams: read } = readTeamsYaml(
      '- id: a\n  projects: [{project: p, share: 33.333333333333333333}]\n',
    );
    expect(teamsCsv(read)).toContain('"33.333333333333333333"');
  });

  it.each(['a: 1', '- 1', '- [', '- id: a\n  id: b'])('that are none are refused: %s', (yaml) => {
    expect(() => readTeamsYaml(yaml)).toThrow(/YAML/);
  });
});

describe('what no team has', () => {
  it('is added up by project, with usage that nothing prices', () => {
    const line = (team: string, project: string, amount: string) => ({
      team,
      project,
      region: 'west',
      amount,
    });
    expect(
      unmappedProjects(
        [
          line('unassigned', 'p2', '1.10'),
          line('unassigned', 'p2', '0.15'),
          line('a', 'p1', '5.00'),
          line('unassigned', '', '-1.00'),
        ],
        [
          { team: 'unassigned', project: 'p3', region: 'east' },
          { team: 'a', project: 'p1', region: 'west' },
        ],
      ),
    ).toEqual([
      { project: 'p2', amount: '1.25', regions: ['west'], isPartlyUnrated: false },
      { project: 'p3', amount: '0', regions: ['east'], isPartlyUnrated: true },
    ]);
  });
});
