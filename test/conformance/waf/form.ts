/** The fields of an HTML form as a JSON object, in their order, each as often as it is there. */
export function jsonOfForm(form: string): Buffer {
  const fields = form.split('&').map((field) => {
    const at = field.indexOf('=');
    const [name, value] = at < 0 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)];
    return `${JSON.stringify(decoded(name))}:${JSON.stringify(decoded(value))}`;
  });
  return Buffer.from(`{${fields.join(',')}}`);
}

/** The text that a form's encoding stands for; bytes that are no UTF-8 become characters of their own. */
function decoded(text: string): string {
  const bytes = Buffer.from(text.replace(/\+/g, ' ')).toString('latin1');
  const raw = bytes.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const utf8 = Buffer.from(raw, 'latin1').toString();
  return utf8.includes('\ufffd') ? raw : utf8;
}
