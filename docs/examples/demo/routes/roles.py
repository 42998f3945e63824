"""Roles, granted to users and revoked: many to many through a table without a class."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from sqlalchemy import delete, insert, select

from crosslet.web import Reader, Writer, problem_responses
from demo.models import Role, User, user_roles
from demo.schemas import RoleIn, RoleName, RoleOut

router = APIRouter(tags=["roles"])
RoleInPath = Annotated[RoleName, Path()]


@router.post("/roles", status_code=201, responses=problem_responses(409))
async def create_role(body: RoleIn, session: Writer) -> RoleOut:
    """Create a role; 409 if there is one of that name."""
    role = await session.create(Role, body)
    return await session.one(RoleOut, role)


@router.get("/roles")
async def list_roles(session: Reader) -> list[RoleOut]:
    """List all roles; there are few."""
    return await session.all(RoleOut, select(Role).order_by(Role.name))


@router.get("/users/{user_id}/roles")
async def list_roles_of_user(user_id: UUID, session: Reader) -> list[RoleOut]:
    """List what a user may do."""
    return await session.all(
        RoleOut, select(Role).join(user_roles).where(user_roles.c.user_id == user_id).order_by(Role.name)
    )


@router.put("/users/{user_id}/roles/{name}", status_code=204, responses=problem_responses(404, 409))
async def grant_role(user_id: UUID, name: RoleInPath, session: Writer) -> None:
    """Grant a role to a user; 409 if the user has it."""
    user = await session.one(User, select(User).where(User.id == user_id))
    role = await session.one(Role, select(Role).where(Role.name == name))
    await session.execute(insert(user_roles).values(user_id=user.id, role_id=role.id))


@router.delete("/users/{user_id}/roles/{name}", status_code=204, responses=problem_responses(404))
async def revoke_role(user_id: UUID, name: RoleInPath, session: Writer) -> None:
    """Take a role from a user; 404 if the user does not have it."""
    role = await session.one(Role, select(Role).where(Role.name == name))
    grant = (user_roles.c.user_id == user_id, user_roles.c.role_id == role.id)
    await session.one(dict, select(user_roles).where(*grant))  # 404 if there is none
    await session.execute(delete(user_roles).where(*grant))
