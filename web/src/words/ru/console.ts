import type { Words } from "../words.ts";
import { consoleTrips } from "./console-trips.ts";
import { consoleViews } from "./console-views.ts";

export const consoleWords: Words["console"] = {
  title: "пульт",
  market: "Рынок",
  live: "В эфире",
  connecting: "Соединение…",
  reasonNeeded: "Напишите причину, до 500 знаков.",
  nav: {
    label: "Разделы",
    map: "Карта",
    trips: "Поездки",
    drivers: "Водители",
    numbers: "Показатели",
    alarms: "Тревоги",
    log: "Журнал",
  },
  signIn: {
    how: "Откройте ссылку, которую напечатал npm start, или вставьте её сюда. Токен хранится только в этом браузере.",
    token: "Токен или ссылка оператора",
    enter: "Войти",
    notAToken: "Это не токен.",
    expired: "Срок входа истёк. Войдите снова.",
    forbidden: "Это не токен оператора.",
    refused: "Сервер не знает этот токен. Возможно, он от другого сервера.",
  },
  ...consoleViews,
  trips: consoleTrips,
};
