// Small requests of synchronization travel packed: deflated with a dictionary both sides know, in which everything stands that
// is the same in every request. Only as much as this may come out of one, so that no request grows beyond what it looked
// like; what is larger is sent as it is. The dictionary never changes under its name: another one is another type.

/** Type of a packed body: JSON, deflated without a header, with the dictionary. */
export const PACKED_TYPE = 'application/x-outpost-1';

/** What is larger than this, unpacked, is not sent packed and not taken so. */
export const MOST_PACKED_BYTES = 16 * 1024;

/** The most frequent comes last, where it is nearest. */
export const PACKING_DICTIONARY = [
  '"entity":"activity","entity":"task","entity":"lead","entity":"account","entity":"deal","kind":"delete"',
  '"withoutBase":true,"delta":{"add":{"remove":{"tags":["customer":"products"',
  '"group":"website","base":{"website":"https://www."group":"email","base":{"email":null},"to":{"email":"@',
  '"group":"description","base":{"description":null},"to":{"description":"',
  '"group":"stage","base":{"stageId":"amount","base":{"amount":"closeDate":"2026-"probability":"forecastCategory":"',
  '"group":"status","base":{"status":"open"},"to":{"status":"done"}}"group":"nextStep","base":{"nextStep":null},"to":{"nextStep":"',
  '"firstName":"lastName":"jobTitle":"accountId":"contactId":"territoryId":"dueDate":"notes":"currency":"EUR"',
  '"group":"name","base":{"name":"},"to":{"name":"},{"group":"owner","base":{},"to":{"ownerId":"teamId":null}',
  '"command":"createRecord","baseRev":0,"changes":[{"group":"opNo":1,"txn":null,"kind":"create","entity":"account"',
  '{"protocol":1,"cursor":null,"wantItems":2000,"places":[{"coll":"contacts","ids":["',
  '{"protocol":1,"token":"","wantItems":2000}{"protocol":1,"epoch":1,"ops":[{"opId":"","recordId":"","opNo":1,"txn":null',
  ',"kind":"patch","entity":"contact","recordId":"","command":"updateRecord","baseRev":1,"changes":[{"group":"phone"',
  ',"base":{"phone":null},"to":{"phone":"+49 "}}],"dependsOn":[],"captured":{"wall":"2026-12-01T10:00:00.000Z"',
  ',"sinceBootMs":1},"schema":1}]}',
].join('');
