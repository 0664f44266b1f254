import { describe, expect, it } from 'vitest';
import { isAddressAllowed, isInRanges, parseRange, type AddressRules } from '#shared/access/address-rules.ts';

const within = (address: string, ...ranges: readonly string[]): boolean =>
  isInRanges(
    address,
    ranges.map((range) => {
      const parsed = parseRange(range);
      if (parsed === null) throw new Error(`${range} is no range`);
      return parsed;
    }),
  );

describe('ranges of addresses', () => {
  it('IDT-25 an address lies in a range of its own family, at both ends and not beyond', () => {
    expect(within('203.0.113.0', '203.0.113.0/24')).toBe(true);
    expect(within('203.0.113.255', '203.0.113.0/24')).toBe(true);
    expect(within('203.0.114.0', '203.0.113.0/24')).toBe(false);
    expect(within('203.0.112.255', '203.0.113.0/24')).toBe(false);
    expect(within('10.1.2.3', '0.0.0.0/0')).toBe(true);
    expect(within('2001:db8::1', '0.0.0.0/0')).toBe(false);
    expect(within('2001:db8:ffff::1', '2001:db8::/32')).toBe(true);
    expect(within('2001:db9::1', '2001:db8::/32')).toBe(false);
    expect(within('192.0.2.7', '192.0.2.7')).toBe(true);
    expect(within('192.0.2.8', '192.0.2.7')).toBe(false);
  });

  it('IDT-25 spellings of the same address are the same, also an IPv4 address that comes inside of IPv6', () => {
    expect(within('::ffff:203.0.113.9', '203.0.113.0/24')).toBe(true);
    expect(within('::ffff:cb00:7109', '203.0.113.9')).toBe(true);
    expect(within('203.0.113.9', '::ffff:203.0.113.0/120')).toBe(true);
    expect(within('2001:DB8:0:0:0:0:0:1', '2001:db8::1')).toBe(true);
    expect(within('::1', '0:0:0:0:0:0:0:1/128')).toBe(true);
  });

  it('IDT-25 what is not exactly an address or a range is refused instead of being guessed', () => {
    const wrong = [
      '|localhost|1.2.3|1.2.3.4.5|256.0.0.1|01.2.3.4|0x7f.0.0.1|2130706433|1.2.3.4/33|1.2.3.4/|1.2.3.4/-1|1.2.3.4/8/8',
      '1.2.3.4 /8|10.0.0.1/8|2001:db8::1/32|:::|1::2::3|1:2:3:4:5:6:7|1:2:3:4:5:6:7:8:9|12345::|g::|fe80::1%eth0',
      '::1/129|1:2:3:4:5:6:7::8|/8|::ffff:1.2.3.4/90|1.2.3.4::',
    ].flatMap((line) => line.split('|'));
    expect(wrong.filter((text) => parseRange(text) !== null)).toEqual([]);
    expect(within('nonsense', '0.0.0.0/0', '::/0')).toBe(false);
  });

  it('IDT-25 a list that is off, or is not for this kind of caller, lets everybody in', () => {
    const rules: AddressRules = {
      isOn: true,
      entries: [{ range: '203.0.113.0/24', note: '' }],
      devices: true,
      keys: false,
    };
    expect(isAddressAllowed(rules, 'devices', '198.51.100.1')).toBe(false);
    expect(isAddressAllowed(rules, 'devices', '203.0.113.1')).toBe(true);
    expect(isAddressAllowed(rules, 'keys', '198.51.100.1')).toBe(true);
    expect(isAddressAllowed({ ...rules, isOn: false }, 'devices', '198.51.100.1')).toBe(true);
  });
});
