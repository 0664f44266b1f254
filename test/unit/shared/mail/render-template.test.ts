import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mailValuesOf } from '#shared/mail/mail-values.ts';
import { campaignVariables, letterVariables, mailVariables } from '#shared/mail/mail-variables.ts';
import { escapeHtml, placesOf, renderText, unknownVariables } from '#shared/mail/render-template.ts';
import {
  contentOf,
  htmlOfText,
  mailboxOf,
  renderMail,
  textOfHtml,
  unknownVariablesOf,
} from '#shared/mail/template-content.ts';
import { propertyRuns } from '#test/support/sample-entities.ts';
import { MASK } from '#shared/access/field-policy.ts';
import { createActor, createCommandWorld } from '#test/support/command-world.ts';

describe('variables of mails', () => {
  it('EML-01 values stand in single braces, and a fallback stands where a value is not known', () => {
    const values = { first_name: 'Ada', company_name: null, month: ' ' };
    expect(renderText('Dear {first_name}, { First_Name }!', values).text).toBe('Dear Ada, Ada!');
    expect(renderText('{company_name|your company} in {month|these days}', values)).toEqual({
      text: 'your company in these days',
      missing: [],
    });
    expect(renderText('Hello {last_name}{job_title|}.', values)).toEqual({ text: 'Hello .', missing: ['last_name'] });
  });

  it('EML-01 braces that open no place stay what they are: style sheets, data, escaped names', () => {
    const css = '<style>.a{color:red} .b{ margin : 0; }</style> {} {1} { a b } {a-b} {{x}';
    expect(renderText(css.replace('{{x}', ''), {})).toEqual({ text: css.replace('{{x}', ''), missing: [] });
    expect(renderText(String.raw`\{first_name}`, { first_name: 'Ada' }).text).toBe('{first_name}');
    expect(placesOf('{{x}').map(({ name }) => name)).toEqual(['x']);
  });

  it('EML-01 names nobody fills in are named once each, however they are written', () => {
    const known = mailVariables.map(({ name }) => name);
    expect(unknownVariables(['{first_name} {frist_name}', '{frist_name|you} {Nonsense}'], known)).toEqual([
      'frist_name',
      'nonsense',
    ]);
  });

  it('C8 a value is never read for places again, nor carries markup into markup', () => {
    expect(renderText('{first_name}', { first_name: '{last_name}', last_name: 'X' }).text).toBe('{last_name}');
    const { text } = renderText('<a title="{first_name}">', { first_name: '"><script>alert(1)</script>' }, 'html');
    expect(text).toBe('<a title="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;">');
    expect(renderText('{first_name|<b>}', {}, 'html').text).toBe('&lt;b&gt;');
  });

  it('C8 no value and no template ends a header: whatever breaks a line is a space', () => {
    const anything = fc.string({ unit: 'binary', maxLength: 60 });
    const breaking = fc.array(fc.oneof(anything, fc.constantFrom('\r\n', '\n', '\r', '\u2028', '\u0085', '\0')));
    fc.assert(
      fc.property(breaking, breaking, (value, template) => {
        const { text } = renderText(`${template.join('')}{first_name}`, { first_name: value.join('') }, 'line');
        expect(text).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
      propertyRuns,
    );
    expect(renderText('Hi {first_name}', { first_name: 'A\r\nBcc: x@example.com' }, 'line').text).toBe(
      'Hi A Bcc: x@example.com',
    );
    expect(mailboxOf('Eve" <eve@evil.example>\r\nBcc: x@y.example', 'ada@example.com')).toBe(
      '"Eve <eve@evil.example> Bcc: x@y.example" <ada@example.com>',
    );
  });

  it('EML-01 every property: text without places comes out as it is, and each value exactly where its place was', () => {
    const plain = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !/[{}\\]/.test(text));
    fc.assert(
      fc.property(plain, plain, plain, (before, value, after) => {
        expect(renderText(before, {}).text).toBe(before);
        const filled = renderText(`${before}{name|-}${after}`, { name: value });
        expect(filled.text).toBe(`${before}${value.trim() === '' ? '-' : value.trim()}${after}`);
      }),
      propertyRuns,
    );
  });
});

describe('a template filled in', () => {
  it('EML-01 a text becomes markup with paragraphs and links, and values in it stay text', () => {
    const content = contentOf({
      subject: 'Hi {first_name}',
      body: 'Dear {first_name},\n\nsee https://a.example/b?c=1&d=2.\nBye',
    });
    expect(renderMail(content, { first_name: '<Ada>' })).toEqual({
      subject: 'Hi <Ada>',
      text: 'Dear <Ada>,\n\nsee https://a.example/b?c=1&d=2.\nBye',
      html: '<p>Dear &lt;Ada&gt;,</p>\n<p>see <a href="https://a.example/b?c=1&amp;d=2">https://a.example/b?c=1&amp;d=2</a>.<br>\nBye</p>',
      missing: [],
    });
    expect(htmlOfText('<script>')).toBe('<p>&lt;script&gt;</p>');
  });

  it('EML-01 markup becomes a text that reads like it: blocks are lines, links keep their address', () => {
    const html =
      '<html><head><title>x</title><style>p{color:red}</style></head><body><h1>News</h1><p>Dear {first_name},<br>read <a href="https://a.example">this</a> &amp; more.</p><ul><li>One</li><li>Two</li></ul></body></html>';
    const { text, missing } = renderMail({ subject: 's', body: html, format: 'html' }, { first_name: 'A&B' });
    expect(text).toBe('News\n\nDear A&B,\nread this (https://a.example) & more.\n\n• One\n• Two');
    expect(missing).toEqual([]);
    expect(textOfHtml(escapeHtml('"<&>\''))).toBe('"<&>\'');
  });
});

describe('templates as records', () => {
  const values = { name: 'Welcome', subject: 'Hello {first_name|there}', body: 'Dear {name},\n\nit is {month}.' };

  it('EML-01 a template is made, changed and shared like any record', async () => {
    const world = createCommandWorld(createActor('sales_rep', 'user-1'));
    const { recordId } = await world.run('createRecord', { entity: 'mailTemplate', values });
    expect(world.get('mailTemplate', recordId ?? '')).toMatchObject({ format: 'text', sharing: 'private', ...values });
    await world.run('updateRecord', { entity: 'mailTemplate', id: recordId, values: { sharing: 'organization' } });
    expect(world.get('mailTemplate', recordId ?? '')).toMatchObject({ sharing: 'organization' });
  });

  it('EML-01 a template with an unknown variable is refused, and the refusal names it', async () => {
    const world = createCommandWorld(createActor('sales_rep', 'user-1'));
    const refusal = await world.refuse('createRecord', {
      entity: 'mailTemplate',
      values: { ...values, subject: 'Hello {frist_name}', body: '{first_name} {shoe_size|44}' },
    });
    expect(refusal.details['problems']).toEqual(['subject:variable', 'body:variable']);
    expect(refusal.details['messages']).toEqual([
      'Nothing is known that could be filled in for {frist_name}.',
      'Nothing is known that could be filled in for {shoe_size}.',
    ]);
  });
});

describe('values of a mail', () => {
  const base = { rev: 1, ownerId: null, teamId: null, createdAt: '', createdBy: null, updatedAt: '', updatedBy: null };
  const contact = {
    ...base,
    kind: 'contact' as const,
    id: 'c',
    name: 'Ada Lovelace',
    firstName: 'Ada',
    email: 'ada@example.com',
  };
  const account = { ...base, kind: 'account' as const, id: 'a', name: 'Analytical Engines' };
  const deal = {
    ...base,
    kind: 'deal' as const,
    id: 'd',
    name: 'Engine',
    amount: 1_234_550,
    currency: 'EUR',
    closeDate: '2026-03-31',
  };
  const user = { ...base, kind: 'user' as const, id: 'u', name: 'Grace Hopper', email: 'grace@example.com' };
  const at = { now: '2026-03-10T23:30:00.000Z', timeZone: 'Europe/Berlin' };

  it('EML-01 a contact, its account, a deal and the sender give their values, in the language and the day of the sender', () => {
    const values = mailValuesOf({ person: contact, company: account, deal, sender: user }, { ...at, locale: 'de' });
    expect(values).toMatchObject({
      first_name: 'Ada',
      name: 'Ada Lovelace',
      company_name: 'Analytical Engines',
      deal_name: 'Engine',
      deal_amount: '12.345,50\u00A0€',
      close_date: '31. März 2026',
      sender_first_name: 'Grace',
      month: 'März',
      date: '11. März 2026',
    });
    expect(mailValuesOf({}, { ...at, locale: 'en' })).toEqual({ date: 'March 11, 2026', month: 'March', year: '2026' });
  });

  it('EML-02 the company of a lead stands in the lead', () => {
    const lead = { ...base, kind: 'lead' as const, id: 'l', name: 'Bob', company: 'Widgets' };
    expect(mailValuesOf({ person: lead }, { ...at, locale: 'en' })['company_name']).toBe('Widgets');
  });

  it('C8 a masked value is no value: the fallback stands in its place', () => {
    const masked = { ...contact, firstName: MASK };
    const values = mailValuesOf({ person: masked }, { ...at, locale: 'en' });
    expect(renderText('Dear {first_name|customer}', values).text).toBe('Dear customer');
  });

  it('EML-02 a campaign has no deal, and a letter no link of a campaign', () => {
    const content = contentOf({ subject: '{deal_name}', body: '{unsubscribe_link} {task_title}' });
    expect(unknownVariablesOf(content, campaignVariables)).toEqual(['deal_name', 'task_title']);
    expect(unknownVariablesOf(content, letterVariables)).toEqual(['unsubscribe_link', 'task_title']);
  });
});
