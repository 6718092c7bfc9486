import { KNOWN_FAILURES, sentenceOf } from '../../spec/known-failures';
import { anchorOf } from '../anchor';
import { html, type Markup } from '../markup';
import type { ReportModel } from '../model';
import { label } from '../words';
import { badge, kindBadge } from './badge';

/** The known failures among what was audited; nothing where there are none. */
export function knownSection({ known }: ReportModel): Markup | false {
  return (
    known.length > 0 &&
    html`<section aria-labelledby="known">
<h2 id="known">Known failures</h2>
<p>From <code>${KNOWN_FAILURES}</code>. They explain a failure; it stays one, and its row unresolved. Remove those that turned green.</p>
<ul>${known.map(
      (one) =>
        html`<li>${badge(one.is === 'red' ? 'known' : one.is)} ${kindBadge(one.sut)} <a href="#${anchorOf(one)}"><code>${label(one)}</code></a> ${sentenceOf(one.failure)}</li>
`,
    )}</ul>
</section>
`
  );
}
