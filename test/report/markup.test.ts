import { describe, it } from 'node:test';
import { expect } from 'chai';
import fc from 'fast-check';
import { anchorOf } from '../../src/report/anchor';
import { escapeHtml, html } from '../../src/report/markup';
import { cutTo, htmlBytes, TextBudget } from '../../src/report/text-budget';
import { anyText } from './arbitrary';

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
/** The text that a browser reads for these entities. */
const read = (text: string) => text.replace(/&(#?\w+);/g, (_, name: string) => ENTITIES[name] ?? '?');

describe('a template of HTML', () => {
  it('lets no text begin a tag, end an attribute, or act as an entity', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const out = html`<p title="${text}">${text}</p>`.toString();
        const inside = escapeHtml(text);
        expect(out).to.equal(`<p title="${inside}">${inside}</p>`);
        expect(inside).to.not.match(/[<>"']/);
        expect(inside.replace(/&(?:amp|lt|gt|quot|#39);/g, '')).to.not.include('&');
      }),
    );
  });

  it('keeps every character that can be shown', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(read(escapeHtml(text)).replace(/[\u2400-\u2421\ufffd]/g, '')).to.equal(
          text.replace(/(?![\n\t])\p{Cc}|[\u2400-\u2421\ufffd]/gu, ''),
        );
      }),
    );
    expect(escapeHtml('\u001b[31m\u0000')).to.equal('␛[31m␀');
  });

  it('keeps markup, joins lists, and omits null, undefined and false', () => {
    expect(
      html`<ul>${[1, 2].map((one) => html`<li>${one}</li>`)}${null}${undefined}${false}${0}</ul>`.toString(),
    ).to.equal('<ul><li>1</li><li>2</li>0</ul>');
  });
});

describe('an anchor', () => {
  it('is the ID and its variant in readable form', () => {
    expect(anchorOf({ id: 'rebuild.openclaw.completes', variant: null })).to.equal('rebuild.openclaw.completes');
    expect(anchorOf({ id: 'suite.a_b', variant: 'hermes' })).to.equal('suite.a_b--hermes');
  });

  it('can stand in an attribute and in an address, and is never that of another assertion', () => {
    const name = fc.string({ unit: fc.constantFrom('a', '~', '-', ' ', '"', '#', '20', '😀'), maxLength: 4 });
    fc.assert(
      fc.property(name, name, (a, b) => {
        const anchor = anchorOf({ id: a, variant: null });
        expect(anchor).to.match(/^[A-Za-z0-9._~-]*$/);
        expect(anchor === anchorOf({ id: b, variant: null })).to.equal(a === b);
      }),
    );
  });
});

describe('a text budget', () => {
  it('never exceeds its budget, except for the notes about cuts', () => {
    fc.assert(
      fc.property(fc.array(anyText, { maxLength: 5 }), fc.nat(500), (texts, bytes) => {
        const budget = new TextBudget(bytes);
        const used = texts.reduce((sum, text) => sum + htmlBytes(budget.take(text)), 0);
        expect(used).to.be.at.most(bytes + 60 * texts.length);
      }),
    );
  });

  it('cuts at the end, between characters, and notes how much is left out', () => {
    expect(cutTo('abc', 3)).to.equal('abc');
    expect(cutTo('ab<', 5)).to.equal('ab… (1 characters more in the record)');
    expect(cutTo('😀😀', 5)).to.equal('😀… (2 characters more in the record)');
  });

  it('shows no known shape of a credential', () => {
    expect(new TextBudget(1000).take(`key ${'nvapi-'}${'x'.repeat(30)}`)).to.equal('key [redacted]');
  });
});
