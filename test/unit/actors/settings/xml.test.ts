import t from 'tap';
import {
  documentOf,
  newDocument,
  parseSettings,
  treeOf,
  versionOf,
} from '../../../../src/actors/settings/settings-xml.ts';
import { parseXml, writeXml, XML_LIMITS } from '../../../../src/actors/settings/xml.ts';
import { Fault } from '../../../../src/kernel/fault.ts';
import { seededRandom } from '../../../../src/kernel/random.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function load(text: string) {
  const remarks: string[] = [];
  const tree = treeOf(parseSettings(bytes(text)), remark => remarks.push(remark));
  return { tree, remarks, values: Object.fromEntries([...tree.settings()].map(one => [one.path, one.value])) };
}

t.test('what XML allows in a settings file', async t => {
  const { values, remarks } = load(
    '\ufeff<?xml version="1.0" encoding="utf-8"?>\r\n<!-- by hand --><?tool x?>\r\n<Settings version=\'19\'>\r\n' +
      '  <!-- a > b --> <g ><a type = "s" default=\'"\'>1 &lt; 2 &amp;&#38;&#x26; 3 &gt;&quot;&apos;</a>\r\n' +
      '<b type="s"><![CDATA[<raw> & ]]>, more</b><c type="i">&#x37;</c><d type="s"/></g>\r\n</Settings>\n<!-- end -->\n',
  );
  t.same(values, {
    '/Settings/g/a': '1 < 2 &&& 3 >"\'',
    '/Settings/g/b': '<raw> & , more',
    '/Settings/g/c': 7,
    '/Settings/g/d': '',
  });
  t.same(remarks, []);
});

t.test("what is no settings file is the configuration's fault, with its place", async t => {
  const HOSTILE: Record<string, [string | Uint8Array, RegExp]> = {
    nothing: ['', /an element is missing/],
    'not UTF-8': [Uint8Array.of(0x3c, 0xff, 0xfe), /not UTF-8/],
    zeros: [new Uint8Array(4096), /an element is missing/],
    'another encoding': ['<?xml version="1.0" encoding="ISO-8859-1"?><Settings/>', /ISO-8859-1/],
    'another root': ['<Einstellungen/>', /root element/],
    'cut in a tag': ['<Settings><oops', /not closed/],
    'cut in text': ['<Settings><a type="s">te', /ends within/],
    'cut in an attribute': ['<Settings><a type="s', /no end/],
    'a DTD': ['<!DOCTYPE x [<!ENTITY a "aaaa">]><Settings/>', /no name/],
    'an entity of its own': ['<Settings><a type="s">&boom;</a></Settings>', /unknown entity &boom;/],
    'a bare ampersand': ['<Settings><a type="s">a & b</a></Settings>', /unknown entity/],
    'a character that is none': ['<Settings><a type="s">&#xD800;</a></Settings>', /no character/],
    'wrong order': ['<Settings><a></Settings></a>', /closed by/],
    'two roots': ['<Settings/><Settings/>', /follows/],
    'text after it': ['<Settings/>x', /follows/],
    'an attribute twice': ['<Settings version="1" version="2"/>', /twice/],
    'no quotes': ['<Settings version=19/>', /no quotes/],
    'a version that is none': ['<Settings version="new"/>', /version/],
    depth: [`<Settings>${'<a>'.repeat(1000)}`, /within each other/],
    'many elements': [`<Settings>${'<a/>'.repeat(XML_LIMITS.elements)}</Settings>`, /more than/],
  };
  for (const [name, [content, message]] of Object.entries(HOSTILE)) {
    try {
      parseSettings(typeof content === 'string' ? bytes(content) : content);
      t.fail(name);
    } catch (error) {
      t.ok(
        error instanceof Fault && error.whose === 'configuration' && message.test(error.message),
        `${name}: ${error}`,
      );
    }
  }
});

t.test('garbled files give a fault or settings, nothing else', async t => {
  const whole = bytes(
    '<?xml version=\'1.0\' encoding=\'UTF-8\'?>\n<Settings version="19" unique-id="x"><g><a type="i" min="0" max="9">4</a><b type="s">t&amp;</b><!-- c --></g></Settings>',
  );
  const random = seededRandom(3);
  const alphabet = bytes('<>/&;="\' a1_!-[]?#x\0');
  for (let round = 0; round < 5_000; round++) {
    const garbled = whole.slice(0, Math.floor(random() * whole.length * 1.2));
    for (let n = 0; n < 3; n++)
      garbled[Math.floor(random() * garbled.length)] = alphabet[Math.floor(random() * alphabet.length)] ?? 0;
    try {
      treeOf(parseSettings(garbled), () => {});
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    }
  }
  t.pass('no other error');
});

t.test('what cannot be a setting is left out, and said', async t => {
  const { values, remarks } = load(
    '<Settings><a type="z">1</a><b type="i" default="3">x</b><c type="i">x</c><d-e type="i">1</d-e><f type="i">1</f>' +
      '<f><g type="i">1</g></f><h><i type="i">1</i></h><h type="i">1</h><j type="i">1</j><j type="i">2</j><k type="f">nan</k></Settings>',
  );
  t.same(values, {
    '/Settings/b': 3,
    '/Settings/c': 0,
    '/Settings/f': 1,
    '/Settings/h/i': 1,
    '/Settings/j': 2,
    '/Settings/k': 0,
  });
  t.equal(remarks.length, 8);
});

t.test('there and back: texts, digits in front, limits, empty groups', async t => {
  const file = [
    "<?xml version='1.0' encoding='UTF-8'?>",
    '<Settings version="19" unique-id="a&quot;&lt;b">',
    '  <Devices/>',
    '  <Empty>',
    '    <Within/>',
    '  </Empty>',
    '  <_0g>',
    '    <_1 type="i" min="-5" max="9223372036854" default="0" silent="True">5000000000</_1>',
    '  </_0g>',
    '  <g>',
    '    <f type="f" min="-1.5" max="1000000000.0" default="0.1" silent="False">1e-09</f>',
    '    <s type="s" default="&lt;&amp;&gt; &quot;q&quot;&#10;&#9;&#13;" silent="False">zuß &lt;&amp;&gt; "q" \'😀\'&#13;</s>',
    '    <t type="s" silent="False"></t>',
    '  </g>',
    '</Settings>',
    '',
  ].join('\n');
  const { tree, remarks, values } = load(file);
  t.same(remarks, []);
  t.equal(values['/Settings/g/s'], 'zuß <&> "q" \'😀\'\r');
  t.equal(writeXml(documentOf(tree, 'a"<b')), file);
});

t.test('versions', async t => {
  const versionIn = (text: string) => versionOf(parseXml(bytes(text)));
  t.equal(versionIn('<Settings/>'), 1);
  t.equal(versionIn('<Settings version="1.0"/>'), 1);
  t.equal(versionIn('<Settings version="19"/>'), 19);
  t.equal(
    writeXml(newDocument('id')),
    '<?xml version=\'1.0\' encoding=\'UTF-8\'?>\n<Settings version="19" unique-id="id"/>\n',
  );
});
