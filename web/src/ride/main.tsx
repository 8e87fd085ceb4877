import { RidePage } from "./ride-page.tsx";
import { mount } from "../app/mount.tsx";

mount(<RidePage />);
