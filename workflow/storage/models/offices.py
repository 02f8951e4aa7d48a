"""Offices, their officers, deputies and logins, and the notices and wording that they took in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class Office(SQLModel, table=True):
    """An administrative organ with its profile (JSON, as read from the office file)."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    name: str
    profile: str = Field(sa_type=Text)
    created_at: str


class Officer(SQLModel, table=True):
    """A person who acts for an office, with roles (joined by '|') and a unit."""

    __table_args__ = (UniqueConstraint("office_id", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    key: str
    name: str
    roles: str
    unit: str | None = None
    login: str | None = None
    email: str | None = None
    active: bool = True


class DeputyRow(SQLModel, table=True):
    """Who acts for an absent officer, from when until when, by whose word."""

    __tablename__ = "deputy"
    __table_args__ = (Index("deputy_of", "office_id", "deputy", "until_day"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    officer: str
    deputy: str
    from_day: date
    until_day: date
    reason: str
    appointed_by: str
    ended_on: date | None = None


class LoginRow(SQLModel, table=True):
    """A login proposed for an officer by one person, until another confirms it."""

    __tablename__ = "login_proposal"
    __table_args__ = (UniqueConstraint("office_id", "officer"),)

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    officer: str
    login: str
    proposed_by: str
    proposed_at: str


class NoticeRow(SQLModel, table=True):
    """A notice on days off that was imported here, as a year's table (TOML): the calendar after the project's
    own.
    """

    __tablename__ = "notice"

    id: str = Field(primary_key=True)
    year: int
    number: str
    promulgated: date
    content: str = Field(sa_type=Text)
    imported_at: str
    imported_by: str


class OverrideRow(SQLModel, table=True):
    """Wording of letters that an office accepted as its own (JSON, named by its SHA-256); the newest is in
    force.
    """

    __tablename__ = "override"

    id: int | None = Field(default=None, primary_key=True)
    office_id: int = Field(foreign_key="office.id")
    digest: str
    content: str = Field(sa_type=Text)
    accepted_at: str
    accepted_by: str
