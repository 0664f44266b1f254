// How mails of campaigns look for an organization with a name and a colour.
import { expect, test } from 'vitest';
import { lookOfAccent } from '#shared/brand/accent.ts';
import { noBrand, type Brand } from '#shared/brand/brand.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import { createComposer } from '#server/campaigns/compose-mail.ts';

const brand: Brand = { name: 'Süd <b>wind</b>', logo: null, accent: '#0e7490' };

async function write(body: string, look: Brand): Promise<string> {
  const composer = await createComposer({
    tenantId: 'south' as TenantId,
    campaignId: 'spring',
    published: {
      name: 'Spring',
      content: { subject: 'News', body, format: 'html' },
      audience: {} as never,
      subjectB: null,
      perHour: null,
      bestTime: false,
      trackOpens: false,
      trackClicks: false,
      test: null,
      follows: null,
      locale: 'en',
      timeZone: 'UTC',
    },
    sender: {} as never,
    brand: look,
    from: { name: 'Grace', address: 'news@example.com' },
    signer: { pathOf: () => '/m', markOf: () => 'mark', read: () => null, isOwn: () => false } as never,
    origin: null,
    links: new Map(),
    winner: null,
  });
  return composer.compose({ no: 1, address: 'c1@example.com', given: {}, variant: null }, 0).html;
}

test('IDT-14 EML-02 content without a page of its own stands under name and colour of the organization, and its plain links have the colour', async () => {
  const html = await write(
    '<p>Hello <a href="https://one.example">one</a> <a style="color:red" href="https://two.example">two</a></p>',
    brand,
  );
  const { fill, light } = lookOfAccent('#0e7490');
  expect(html.indexOf('Süd &lt;b&gt;wind')).toBeGreaterThan(0);
  expect(html.indexOf('Süd &lt;b&gt;wind')).toBeLessThan(html.indexOf('Hello'));
  expect(html).toContain(`border-bottom:3px solid ${fill}`);
  expect(html).toContain(`<a style="color:${light.text}" href="https://one.example">`);
  expect(html).toContain('<a style="color:red" href="https://two.example">');
});

test('IDT-14 EML-02 a template that is a whole page, and an organization without a look, stay as they were', async () => {
  const page = '<!doctype html><html><body><p>Hello <a href="https://one.example">one</a></p></body></html>';
  expect(await write(page, brand)).toBe(await write(page, noBrand));
  expect(await write('<p>Hello</p>', noBrand)).not.toContain('border-bottom');
});
