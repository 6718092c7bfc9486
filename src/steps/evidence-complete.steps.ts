import { Given, Then, When } from '@cucumber/cucumber';
import { expect } from 'chai';
import { audit } from '../audit/audit';
import { sutKinds } from '../audit/work-queue';
import { loadAudit } from '../audit-input/load';
import { specifiedStep } from '../audit-input/specification';
import { readSettings } from '../settings';
import { traceRows } from '../staging/auditor';
import { isOwed, judgeWithout, without, withoutFile } from '../staging/evidence-complete';
import { action, check } from '../world/step-registry';

Given(
  'the evidence of an earlier complete run',
  action(async (world) => {
    const { bundle } = readSettings();
    if (bundle === '') {
      throw new Error(
        'PHASE9_BUNDLE names no bundle, so this scenario was not run: it audits the evidence of an earlier run. ' +
          '`npm run full` makes one and audits it; or set PHASE9_BUNDLE to a run, its bundle.json, or a directory of runs',
      );
    }
    const steps = (await traceRows(world)).map(specifiedStep);
    const request = { paths: [bundle], kinds: [], now: new Date(), specification: steps, keep: 'for-audit' as const };
    const all = await loadAudit({ ...request, rows: [] });
    const covered = all.rows.filter((row) =>
      all.submissions.some(({ records }) => records.some(({ listed }) => listed.row === row)),
    );
    world.set({ submitted: { ...all, rows: covered } });
  }),
);

When(
  'the auditor judges the evidence',
  action(async (world) => {
    world.set({ judged: audit({ ...world.get('submitted'), kinds: sutKinds }) });
  }),
);

Then(
  'every row is evidence-complete for the system that the evidence is about, and for no other',
  check((world) => {
    const { kinds, rows } = world.get('submitted');
    const { rows: judged, findings } = world.get('judged');
    const complete = judged.filter(({ evidence }) => evidence === 'evidence-complete');
    expect(
      complete.map(({ row, sut }) => `${row} ${sut}`),
      findings
        .filter(({ effect, sut }) => effect === 'blocks' && (sut === null || kinds.includes(sut)))
        .map(({ row, id, wrong }) => `${row} ${id ?? ''}: ${wrong}`)
        .join('\n'),
    ).to.deep.equal(rows.flatMap((row) => kinds.map((kind) => `${row} ${kind}`)));
  }),
);

When(
  'the auditor judges the evidence again and again, each time without another record',
  action(async (world) => judgeWithout(world, isOwed(world.get('submitted')), without)),
);

When(
  "the auditor judges the evidence again and again, each time without another record's file",
  action(async (world) => judgeWithout(world, isOwed(world.get('submitted')), withoutFile)),
);

When(
  'the auditor judges the evidence again and again, each time without another variant of a record',
  action(async (world) => {
    const owed = isOwed(world.get('submitted'));
    judgeWithout(world, (one) => one.listed.variant !== null && owed(one), without);
  }),
);

Then(
  'each time the row is unresolved, and what is missing is named',
  check((world) => {
    const silent = world
      .get('takenAway')
      .filter(({ core, unresolved, missing }) => (core && !unresolved) || missing.every((one) => one === null))
      .map(({ id, variant }) => (variant === null ? id : `${id} [${variant}]`));
    expect(silent, 'taken away without a word').to.deep.equal([]);
  }),
);
