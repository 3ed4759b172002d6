# SPDX-License-Identifier: GPL-3.0-or-later
"""An enrolment in whatever language the window speaks: names are looked for as its catalogue has them."""
import driver
import journey as journeys


class Journey(journeys.Journey):
    def focus_on(self, *names):
        super().focus_on(*(word for name in names for word in driver.words(name)))

    def focus_first(self, name, key="Tab"):
        super().focus_first(driver.words(name)[0], key)

    def stands_on(self, name):
        node = self.window.focused()
        return node is not None and any(word in (node.get_name() or "") for word in driver.words(name))

    def begin(self):
        """The second procedure, a foreigner's card; their names are not the catalogue's."""
        self.key("ctrl+n")
        self.wait("the procedures", lambda: self.stands_on_row() is not None)
        while self.stands_on_row() != 1:
            self.key("Down" if self.stands_on_row() == 0 else "Up")
            self.wait("another row", lambda: self.at is not None)

    def stands_on_row(self):
        node = self.focused
        return node.get_index_in_parent() if node and node.get_role_name() == "list item" else None

    def step_done(self, number):
        def look():
            node = self.window.find(f"{number}  ", "push button")
            return node is not None and node.get_name().endswith(tuple(driver.words("Done")))
        self.wait(f"step {number} is done", look)
