"""What an assistant does with the MCP server of the examples, told as one JSON object.

Runs in the examples' own environment, where the official SDK is.
"""

import asyncio
import json
import os
import sys
from pathlib import Path

from mcp import Client, StdioServerParameters

SERVER = Path(__file__).parents[2] / "examples" / "booking_mcp.py"


async def main(task):
    """Find a time, hold it, book it twice with the same hold, try to take it again, cancel."""
    start = StdioServerParameters(
        command=sys.executable, args=[str(SERVER)], env=dict(os.environ), cwd=str(SERVER.parent)
    )
    async with Client(start) as assistant:

        async def use(tool, **arguments):
            answer = await assistant.call_tool(tool, arguments)
            return answer.structured_content

        seen = {"tools": [tool.name for tool in (await assistant.list_tools()).tools]}
        calendars = (await use("list_calendars"))["answer"]
        for calendar in calendars:
            services = (await use("list_services", calendar=calendar["id"]))["answer"]
            named = [each for each in services if each["name"] == task["service"]]
            if named:
                break
        about = {"calendar": calendar["id"], "service": named[0]["id"]}
        slot = (await use("find_slots", **about))["answer"][0]
        held = (await use("hold", **about, start=slot["start"]))["answer"]["hold"]
        seen["booked"] = await use("book", held=held, **task["customer"])
        seen["again"] = await use("book", held=held, **task["customer"])
        seen["taken"] = await use("hold", **about, start=slot["start"])
        booking = seen["booked"]["answer"]["booking"]
        seen["cancelled"] = await use("cancel", booking=booking)
        return seen


print(json.dumps(asyncio.run(main(json.loads(sys.argv[1])))))
