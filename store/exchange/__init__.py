"""The agenda, the regions and the groups as files: CSV, Excel and iCalendar, in and out."""
