import { expect, test } from 'vitest';
import { german, tableOf, write } from '#test/support/export-tools.ts';

const nasty = '<img src=x onerror=alert(1)>"\'&';

test('ANA-17 HTML holds nothing but text: everything is escaped, nothing is run or fetched', async () => {
  const svg = `<svg onload="alert(1)" style="fill:url(//evil.example/a)"><script>alert(2)</script><a href="javascript:alert(3)"><text>linked</text></a>
    <foreignObject><img src="x"/></foreignObject><image href="//evil.example/b"/><g fill="url(#a)" onclick="alert(4)"><text>&lt;b&gt; 12 €</text></g>
    <style>@import "//evil.example/c"</style><rect fill="url(//evil.example/d)" width="4"/></svg>`;
  const charts = [{ title: nasty, svg, width: 10, height: 10 }];
  const table = tableOf({ [nasty]: 'text' }, [[nasty]], { title: nasty, subtitle: [nasty], charts });
  const { text } = await write('html', table);
  expect(text).not.toContain('<img src=x');
  expect(text).not.toMatch(
    /<script|javascript:|https?:|evil|alert\(\d\)"|onload|onclick|<image|foreignObject|@import/i,
  );
  expect(text).toContain('<g fill="url(#c0-a)"><text>&lt;b&gt; 12 €</text></g>');
  expect(text).toContain('<rect width="4"></rect>');
  expect(text).toContain("default-src 'none'");
  expect(text.match(/&lt;img src=x onerror=alert\(1\)&gt;&quot;&#39;&amp;/g)).toHaveLength(6);
});

test('ANA-17 values read as in the language of the person who exports, sums stand out', async () => {
  const types = { Name: 'text', Amount: 'money', Day: 'date' } as const;
  const rows = [[{ cells: ['Summe', 123_456, '2024-02-29'], currency: 'EUR', kind: 'total' as const }]];
  const { text } = await write('html', { ...tableOf(types, []), rows }, german);
  expect(text).toContain(
    '<tr class="t"><td dir="auto">Summe</td><td class="n">1.234,56\u00a0€</td><td dir="auto">29.02.2024</td></tr>',
  );
  expect(text).toContain('<html lang="de-DE">');
});

test('ANA-17 an empty table says so', async () => {
  const { text } = await write('html', tableOf({ Name: 'text' }, []));
  expect(text).toContain('There are no rows.');
});
