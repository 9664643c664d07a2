/** Joins the page: two editors on one country, the switch, and the strip. */
import { names, readAgain } from './api.js';
import { byId, element } from './dom.js';
import { createEditor } from './editor.js';
import { openStrip } from './strip.js';

const [picker, protection, says] = [
  byId('country', HTMLSelectElement),
  byId('protection', HTMLInputElement),
  byId('protection-says', HTMLElement),
];

const strip = openStrip((row) => {
  for (const editor of editors) editor.hear(row);
});
const options = { guarded: () => protection.checked, writer: strip.writer };
const [ann, bob] = [createEditor({ name: 'Ann', ...options }), createEditor({ name: 'Bob', ...options })];
const editors = [ann, bob];
byId('editors', HTMLElement).append(...editors.map(({ section }) => section));

function sayProtection() {
  const words = protection.checked
    ? ['On: saves go through ', element('code', {}, 'guard()'), '. One that is based on an old version is refused.']
    : [
        'Off: saves go to a route without ',
        element('code', {}, 'guard()'),
        ', which takes no notice of ',
        element('code', {}, 'If-Match'),
        '. The last one wins.',
      ];
  says.replaceChildren(...words);
  document.body.classList.toggle('unguarded', !protection.checked);
}

function openCountry() {
  for (const editor of editors) void editor.open(picker.value);
}

async function fillPicker() {
  const all = await names();
  const wanted = location.hash.slice(1);
  const selected = all.some(({ code }) => code === wanted) ? wanted : picker.value;
  picker.replaceChildren(...all.map(({ code, name }) => element('option', { value: code }, name)));
  picker.value = selected;
  picker.disabled = false;
}

picker.addEventListener('change', () => {
  history.replaceState(null, '', `#${picker.value}`);
  openCountry();
});
protection.addEventListener('change', sayProtection);
byId('both', HTMLButtonElement).addEventListener('click', () => {
  if (editors.some((editor) => editor.isMerging())) return;
  ann.suggest(({ area }) => ['area', String((area ?? 0) + 1)]);
  bob.suggest(({ capitals: [first = 'Town'] }) => [
    'capitals',
    first.startsWith('New ') ? first.slice(4) : `New ${first}`,
  ]);
  for (const editor of editors) editor.submit();
});
byId('controls', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
for (const button of document.querySelectorAll('[data-read]'))
  button.addEventListener('click', () => void readAgain(button.getAttribute('data-read') ?? '', picker.value));

sayProtection();
await fillPicker().catch(() => undefined); // the country that stands there can be edited all the same
openCountry();
