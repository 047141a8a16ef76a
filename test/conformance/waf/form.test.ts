import { jsonOfForm } from './form';

it.each([
  ['a=1&b=x+y', '{"a":"1","b":"x y"}'],
  ['a=1&a=2', '{"a":"1","a":"2"}'],
  ['var=%27+or+1%3D1', `{"var":"' or 1=1"}`],
  ['var=a=b', '{"var":"a=b"}'],
  ['<xml/>', '{"<xml/>":""}'],
  ['q="\\', '{"q":"\\"\\\\"}'],
  ['q=%C3%A9', '{"q":"é"}'],
  ['q=%E9%zz', '{"q":"é%zz"}'],
])('The form %s is the JSON object %s', (form, json) => {
  expect(jsonOfForm(form).toString()).toBe(json);
});
